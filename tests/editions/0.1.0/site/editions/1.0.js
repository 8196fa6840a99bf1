planpressEdition("1.0", {

});
