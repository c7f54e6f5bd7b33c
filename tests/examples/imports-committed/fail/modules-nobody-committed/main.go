package main

import (
	"example.com/shop/internal/cart"
	"example.com/shop/internal/prices"
)

func main() {
	prices.Print(cart.Total())
}
