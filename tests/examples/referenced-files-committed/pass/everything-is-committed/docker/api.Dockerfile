FROM node:22-slim AS build
WORKDIR /app
COPY package.json ./
COPY src ./src
RUN npm run build

FROM node:22-slim
COPY --from=build /app/dist /app
CMD ["node", "/app/main.js"]
