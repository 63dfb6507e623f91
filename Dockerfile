# Build: everything, from the lock file.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

# Run: what the service needs and nothing else. glibc (bookworm), as ONNX Runtime's binaries want.
FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    TIMBRE_HTTP_HOST=0.0.0.0 \
    TIMBRE_DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node -m 700 /data
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/models ./models
COPY --from=build /app/third-party-notices ./third-party-notices
COPY --from=build /app/package.json /app/LICENSE ./
USER node
VOLUME /data
EXPOSE 8080
# Ready, not merely alive: a container that cannot reach its database or engine takes no calls.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.TIMBRE_HTTP_PORT ?? 8080) + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM reaches node itself, which ends the calls, flushes and closes.
CMD ["node", "dist/src/main.js"]
