# To build it takes a network, to run none: docs/air-gap.md.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci && npm run build && npm prune --omit=dev --omit=optional

FROM node:24.21.0-bookworm-slim
COPY --from=build /src/package.json /app/
COPY --from=build /src/dist /app/dist
COPY --from=build /src/node_modules /app/node_modules
WORKDIR /data
USER node
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
