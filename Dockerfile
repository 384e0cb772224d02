# rtaa as an image, built from a clean clone: docker build -t rtaa .
# The tests are not run here: run mvn verify first, as the jar is built of the same sources.
FROM maven:3.9.11-eclipse-temurin-17-noble AS build
WORKDIR /build
# What Maven fetches stays in the builder's cache, so that a change of the sources fetches nothing again.
COPY pom.xml ./
COPY .mvn/ .mvn/
COPY src/main/ src/main/
COPY src/generated/ src/generated/
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:17.0.17_10-jre-noble AS layers
WORKDIR /layers
COPY --from=build /build/target/rtaa.jar rtaa.jar
RUN java -Djarmode=tools -jar rtaa.jar extract --layers --destination extracted

FROM eclipse-temurin:17.0.17_10-jre-noble
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin rtaa
WORKDIR /opt/rtaa
# What changes least comes first, so that a new version of rtaa is one small layer and its archive of classes.
COPY --from=layers /layers/extracted/dependencies/ ./
COPY --from=layers /layers/extracted/spring-boot-loader/ ./
COPY --from=layers /layers/extracted/snapshot-dependencies/ ./
COPY --from=layers /layers/extracted/application/ ./
# Classes as this JVM has them in memory once everything is wired (class data sharing): it is up in three quarters of the time.
RUN java -XX:+UseG1GC -XX:ArchiveClassesAtExit=rtaa.jsa -Xlog:cds=error -Dspring.context.exit=onRefresh -jar rtaa.jar
USER 10001
# The public listener, and the management listener, which nobody but Prometheus and people who operate it is to reach.
EXPOSE 8080 8081
# Whether this process makes progress, whatever its neighbours do; the base image brings wget. Loopback is always bound,
# unless BIND_ADDRESS names one address that is not. The certificate names a host of the outside, so it is not verified here.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD wget -q --no-check-certificate -O /dev/null "http${TLS_CERTIFICATE:+s}://127.0.0.1:${PORT:-8080}/health/live"
# Netty's buffers may take as much memory as the heap (MaxDirectMemorySize is the heap's unless set), so each gets two
# fifths of the container's; the rest is for classes, threads and the JVM itself.
# An idle process gives free heap back to the machine: G1 collects once, beside the service, when it has not collected
# for a minute. Calls make it collect more often than that.
# Nothing is written but into /tmp, so the root file system may be read-only.
ENTRYPOINT ["java", "-XX:SharedArchiveFile=rtaa.jsa", "-XX:+UseG1GC", "-XX:G1PeriodicGCInterval=60000", "-XX:MaxRAMPercentage=40", "-XX:+ExitOnOutOfMemoryError", "-jar", "rtaa.jar"]
