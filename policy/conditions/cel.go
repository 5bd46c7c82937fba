package conditions

func compileCEL(o *options) (*test, error) { return nil, refuse("expr", "no") }
