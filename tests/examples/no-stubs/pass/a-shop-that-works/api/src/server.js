import express from "express";
import { AIEngine } from "@shop/ai-engine";
import { database } from "./database.js";
import { verifyToken } from "./auth.js";

const app = express();
const engine = new AIEngine();

app.get("/live", (req, res) => {
  res.json({ status: "ok" });
});

app.get("/health", async (req, res) => {
  await database.query("select 1");
  res.json({ status: "ok", database: "connected" });
});

app.post("/ask", async (req, res) => {
  if (!verifyToken(req.headers.authorization)) {
    return res.status(401).end();
  }
  res.json({ answer: await engine.process(req.body.question) });
});

app.listen(3000);
