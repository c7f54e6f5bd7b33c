const express = require('express');
const { register } = require('prom-client');

const app = express();
app.get('/health', (_request, response) => response.sendStatus(204));
app.get('/metrics', async (_request, response) => response.send(await register.metrics()));
app.listen(3000);
