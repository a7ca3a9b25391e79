# The daemon as a container: koalaci, Node and the docker command, on the builder image. Build it with ci/service/compose.yml, or:
#   docker build -f ci/service/service.Dockerfile -t koalaci-service .
ARG KOALACI_IMAGE=koalaci:latest
FROM ${KOALACI_IMAGE} AS compiled
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=ca,target=/run/koalaci-ca.pem \
    if [ -s /run/koalaci-ca.pem ]; then export NODE_EXTRA_CA_CERTS=/run/koalaci-ca.pem; fi; \
    npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY ci ci
COPY src src
RUN npm run compile

FROM ${KOALACI_IMAGE}
# Keep only the docker command: the container uses the host's engine.
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io >/dev/null \
 && rm -rf /usr/sbin/dockerd /usr/bin/containerd* /usr/bin/ctr /usr/sbin/runc /var/lib/apt/lists/*
RUN install -d -m 0755 -o build -g build /opt/koalaci
COPY --from=compiled /src/package.json /koalaci/
COPY --from=compiled /src/ci /koalaci/ci
COPY --from=compiled /src/dist /koalaci/dist
COPY bin /koalaci/bin
ENV KOALACI_HOME=/opt/koalaci
LABEL koalaci.image="" koalaci.service=1
USER build
WORKDIR /koalaci
VOLUME /opt/koalaci
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8081/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/koalaci/bin/koalaci.js"]
CMD ["serve", "--host", "0.0.0.0"]
