from typing import TYPE_CHECKING

from .cart import Cart

try:
    from .speedups import total
except ImportError:
    total = len

if TYPE_CHECKING:
    from .stubs import Payment


def checkout(cart: Cart) -> "Payment":
    return total(cart)
