# Spindle with the pipeline of this repository: `docker compose` builds it, and `docker build -t spindle:0.1.0 .` does.

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /opt/spindle

FROM base AS build
COPY package.json package-lock.json ./
# No package needs its install script.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/bundle-dist.mjs scripts/bundle-dist.mjs
COPY src src
RUN npm run build && find dist -name '*.d.ts' -delete

# What runs without the tools of development, but with the drivers' packages, which are optional for who installs Spindle: as the lock has them.
FROM base AS modules
COPY package.json package-lock.json ./
COPY scripts/require-drivers.mjs scripts/require-drivers.mjs
RUN node scripts/require-drivers.mjs && npm install --omit=dev --ignore-scripts --no-audit --no-fund

FROM base AS project
COPY package.json package-lock.json tsconfig.json ./
COPY bin bin
COPY python python
COPY dbt dbt
COPY src/assets src/assets
COPY --from=modules /opt/spindle/node_modules node_modules
COPY --from=build /opt/spindle/dist dist
# Leaves the bundled project and its code versions in .spindle/cache. What runs from this image reads them there: every service and task names a version by the
# same file, and no process bundles anything.
RUN node bin/spindle.js plan --offline >/dev/null && ln -s /opt/spindle/bin/spindle.js /usr/local/bin/spindle

ENV NODE_ENV=production
# node
USER 1000
ENTRYPOINT ["spindle"]
CMD ["--help"]
