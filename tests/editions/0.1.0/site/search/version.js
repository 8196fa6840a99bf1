planpressSearch("version",["c8f6b537959412c4",["text","annexes"]]);
