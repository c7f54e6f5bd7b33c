import pg from "pg";

export const database = new pg.Pool();
