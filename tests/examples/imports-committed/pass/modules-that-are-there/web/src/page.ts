import { query } from "./api/graphql";
import { Cart } from "./cart";

export const page = () => query(Cart);
