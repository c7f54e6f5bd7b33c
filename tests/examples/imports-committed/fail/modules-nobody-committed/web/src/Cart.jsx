import "./Cart.css";
import { Price } from "./price";

export const Cart = () => Price();
