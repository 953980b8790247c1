"""A company worth looking at: invented, dated, the same for everybody who asks for the same size and seed."""
