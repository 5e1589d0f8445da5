"""Speed at scale: `make bench`. Data are made, the product is served as `liuke serve` does, a client measures it."""
