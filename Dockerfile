# One image for everything: `jianyi serve SERVICE`, `jianyi migrate`, `jianyi run`.
#
#   docker build -t jianyi:0.1.0 .
#
# A closed network names its own sources: --build-arg PYTHON_IMAGE=… NODE_IMAGE=… PIP_INDEX_URL=… NPM_CONFIG_REGISTRY=…
# Whoever builds for production pins both base images by digest, in the same way.
ARG PYTHON_IMAGE=python:3.12-slim
ARG NODE_IMAGE=node:22-slim

# --- what the pages load ----------------------------------------------------------------------------------------------
FROM ${NODE_IMAGE} AS assets
ARG NPM_CONFIG_REGISTRY
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

# --- Python packages and the program ----------------------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS program
ARG PIP_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/jianyi
WORKDIR /srv/jianyi
# First the packages: they change seldom, and then this layer is taken from the cache. Wheels only, as in scripts/bootstrap.
COPY requirements.lock ./
RUN /opt/jianyi/bin/pip install --require-hashes --only-binary :all: -r requirements.lock
COPY . .
# The four files that scripts/bootstrap lists; tests/deploy/test_image.py compares.
COPY --from=assets \
    /assets/node_modules/bootstrap/dist/css/bootstrap.min.css \
    /assets/node_modules/bootstrap/dist/js/bootstrap.bundle.min.js \
    /assets/node_modules/echarts/dist/echarts.min.js \
    /assets/node_modules/htmx.org/dist/htmx.min.js \
    services/gateway/static/vendor/
# Editable, as where the tests run: the program finds its files in the same places. Compiled now, because a container
# with a read-only file system could not keep what it compiles.
RUN /opt/jianyi/bin/pip install --no-deps --no-build-isolation --editable . \
    && /opt/jianyi/bin/python -m compileall -q . /opt/jianyi/lib

# --- what is shipped --------------------------------------------------------------------------------------------------
FROM ${PYTHON_IMAGE}
ENV PATH=/opt/jianyi/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1 \
    PROMETHEUS_DISABLE_CREATED_SERIES=true JIANYI_HOME=/data
# In numbers, so that Kubernetes can see that it is not root.
RUN mkdir /data && chown 10001:10001 /data
COPY --from=program /opt/jianyi /opt/jianyi
COPY --from=program /srv/jianyi /srv/jianyi
USER 10001:10001
WORKDIR /srv/jianyi
EXPOSE 8000 9100
# Runs as the first process, gets SIGTERM itself and stops gracefully; it starts no others that it would have to reap.
ENTRYPOINT ["jianyi"]
CMD ["--help"]
