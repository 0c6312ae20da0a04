"""Commands beside the review itself; each module makes one, and ``cli`` lists them."""
