import compression from 'compression';
import cors from 'cors';
import express from 'express';
import helmet from 'helmet';
import morgan from 'morgan';
import { AIEngine } from '@autoecosystem/ai-engine';
import { DEFAULT_PORT } from '@autoecosystem/shared';

const app = express();
const engine = new AIEngine();

app.use(helmet());
app.use(cors({ origin: process.env.CORS_ORIGIN }));
app.use(morgan('combined'));
app.use(compression());
app.use(express.json());

app.get('/health', (_request, response) => response.json({ status: 'ok' }));
app.get('/api/health', (_request, response) => response.json({ status: 'ok' }));

app.post('/api/analyses', async (request, response, next) => {
  try {
    response.json({ result: await engine.process(request.body.text) });
  } catch (error) {
    next(error);
  }
});

app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
  response.status(500).json({ error: error.message });
});

app.listen(Number(process.env.PORT ?? DEFAULT_PORT));
