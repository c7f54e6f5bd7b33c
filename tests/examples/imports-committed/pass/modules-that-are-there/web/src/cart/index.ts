export const Cart = "cart";
