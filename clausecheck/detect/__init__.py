"""See both kinds of terms: rules over roles, and a linear model; each with its evidence."""
