# syntax=docker/dockerfile:1
# The sample in production. compose.yaml runs it with all that it needs; sample-app/README.md says how.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Nothing is compiled: Node 24 has SQLite itself, and the other packages bring their binaries along.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# What builds and tests the library stays behind.
RUN node scripts/keep-sample-packages.js && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
CMD ["node", "dist/sample-app/main.js"]
