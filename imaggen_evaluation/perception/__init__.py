"""How well perception sees: pictures with gold, and the measures on them."""
