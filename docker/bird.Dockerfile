# syntax=docker/dockerfile:1
# BIRD 2 beside the engine. Its control socket and the two include files are shared with the engine by their group.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends bird2 tini \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 portledger \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin portledger \
 && install -d -o root -g portledger -m 0775 /run/bird /etc/bird/portledger \
 && install -o portledger -g portledger -m 0664 /dev/null /etc/bird/portledger/portledger4.conf \
 && install -o portledger -g portledger -m 0664 /dev/null /etc/bird/portledger/portledger6.conf
HEALTHCHECK --interval=10s --timeout=5s --retries=3 CMD ["birdc", "-s", "/run/bird/bird.ctl", "show", "status"]
ENTRYPOINT ["tini", "--"]
# It starts as root, takes the rights it needs, and gives up the rest before it reads a packet.
CMD ["bird", "-f", "-c", "/etc/bird/bird.conf", "-s", "/run/bird/bird.ctl", "-u", "bird", "-g", "portledger"]
