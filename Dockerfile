# To build it takes a network, to run none: docs/air-gap.md.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci && npm run build && npm prune --omit=dev --omit=optional

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="trustsieve" \
      org.opencontainers.image.description="Offline audit of exported AWS IAM evidence"
COPY --from=build /src/package.json /app/
COPY --from=build /src/dist /app/dist
COPY --from=build /src/node_modules /app/node_modules
WORKDIR /data
# The user `node`, by number, so that an orchestrator can tell that it is not root. What is in /app is root's.
USER 1000:1000
HEALTHCHECK NONE
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
