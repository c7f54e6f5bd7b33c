import jwt from "jsonwebtoken";

export function verifyToken(token) {
  try {
    return Boolean(jwt.verify(token, process.env.PUBLIC_KEY));
  } catch {
    return false;
  }
}
