export const port = 80;
<<<<<<< HEAD
export const host = "a";
=======
export const host = "b";
>>>>>>> main
