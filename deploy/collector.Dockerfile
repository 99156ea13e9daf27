ARG NODE_IMAGE=node:24-alpine

# --- Build: everything that is needed to make dist/, and nothing of it goes further --------------------------------
FROM ${NODE_IMAGE} AS build
WORKDIR /repo
# Manifests first: the dependencies stay cached until one of them changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY sdk/package.json sdk/
COPY collector/package.json collector/
COPY examples/package.json examples/
# The collector and what it needs of the workspace; not the root's browsers and linters.
ENV npm_config_update_notifier=false
RUN npm install --global pnpm@12.21.0 \
 && pnpm --filter "@tallymark/collector..." install --frozen-lockfile
COPY LICENSE tsconfig.base.json ./
COPY sdk sdk
COPY collector collector
# verifyDepsBeforeRun would install the whole workspace before each script.
ENV pnpm_config_verify_deps_before_run=false
RUN pnpm --filter @tallymark/sdk build \
 && pnpm --filter @tallymark/collector build \
 && pnpm --filter @tallymark/collector deploy --prod /app

# --- Run ------------------------------------------------------------------------------------------------------------
FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    METRICS_JSONL=/data/metrics.jsonl
# Owned by root: the process cannot rewrite its own program.
COPY --from=build /app /app
# A number, not a name, so that orchestrators can see that it is not root.
RUN mkdir /data && chown 10001:10001 /data
VOLUME /data
WORKDIR /app
EXPOSE 8787
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8787) + '/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
USER 10001:10001
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
