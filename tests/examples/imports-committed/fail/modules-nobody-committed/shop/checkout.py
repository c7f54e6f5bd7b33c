from .cart import Cart


def checkout(cart: Cart) -> int:
    from .payments import pay

    return pay(cart)
