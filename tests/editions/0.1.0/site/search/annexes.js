planpressSearch("annexes",[
["annexes/asset-register.html",[3,0,"附件1","asset-register","資產清冊"],[5,1,"","","填表人"]]
]);
