# The server with the workspace inside it.
FROM rust:1.95-bookworm AS build
COPY --from=node:22-bookworm-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=node:22-bookworm-slim /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
RUN cargo xtask frontend && cargo build --release --package zhenxing-server --bin zhenxing

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/zhenxing --create-home zhenxing
COPY --from=build /src/target/release/zhenxing /usr/local/bin/zhenxing
USER zhenxing
WORKDIR /var/lib/zhenxing
ENV ZHENXING_DATA_DIR=/var/lib/zhenxing ZHENXING_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD curl --fail --silent http://127.0.0.1:8080/api/v1/health || exit 1
CMD ["zhenxing", "serve"]
