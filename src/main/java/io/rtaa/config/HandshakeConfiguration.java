package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.call.ClientAddress;
import io.rtaa.edge.security.AllowListStep;
import io.rtaa.edge.security.BasicCredentials;
import io.rtaa.edge.security.BasicStep;
import io.rtaa.edge.security.CredentialStep;
import io.rtaa.edge.security.JwksMeters;
import io.rtaa.edge.security.JwksVerifier;
import io.rtaa.edge.security.JwtVerifier;
import io.rtaa.edge.security.OriginPolicy;
import io.rtaa.edge.security.OriginStep;
import io.rtaa.edge.security.PublicKeys;
import io.rtaa.edge.security.TokenVerifier;
import io.rtaa.operations.HealthPart;
import io.rtaa.routes.LimitMeters;
import io.rtaa.telephony.AdmissionStep;
import io.rtaa.telephony.LiveLegs;
import java.net.URL;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The steps of the handshakes' routes, by the names the routes call them. */
@Configuration(proxyBeanMethods = false)
class HandshakeConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeConfiguration.class);

    @Bean
    AllowListStep allowList(RtaaSettings settings) {
        return new AllowListStep(settings.credentials().exotelAddresses());
    }

    @Bean
    BasicStep basic(RtaaSettings settings, FileWatch files, ConfigurableEnvironment environment) {
        Path file = settings.credentials().exotelBasicFile();
        if (settings.authOff() || file == null) {
            return new BasicStep(
                    settings.authOff() ? null : settings.credentials().exotelBasic());
        }
        FileContent content = FileContent.read(file);
        BasicStep step = new BasicStep(BasicCredentials.parse(content.text()));
        files.watch(
                SetNames.ofFile(Credentials.BASIC, environment),
                List.of(content),
                changed ->
                        step.replacePairs(BasicCredentials.parse(changed.get(0).text())));
        return step;
    }

    @Bean
    JwksMeters jwksMeters(MeterRegistry registry) {
        return new JwksMeters(registry);
    }

    /** What the steps that take tokens verify them with; one with threads of its own is closed with the process. */
    @Bean
    TokenVerifier tokenVerifier(
            RtaaSettings settings,
            Clock clock,
            JwksMeters meters,
            FileWatch files,
            ConfigurableEnvironment environment) {
        JwtSettings jwt = settings.authOff() ? null : settings.credentials().jwt();
        if (jwt == null) {
            return TokenVerifier.NONE;
        }
        URL jwksUrl = jwt.jwksUrl();
        if (jwksUrl == null) {
            return keyVerifier(jwt, clock, files, SetNames.ofFile(JwtSettings.PUBLIC_KEY, environment));
        }
        if (jwksUrl.getProtocol().equals("http") && !Boolean.TRUE.equals(RtaaSettings.isLoopback(jwksUrl.getHost()))) {
            LOG.warn("JWT_JWKS_URL is not https: a machine on the way to it could choose who comes in");
        }
        return new JwksVerifier(jwksUrl, jwt.rules(), JwksVerifier.Times.DEFAULT, clock, meters);
    }

    @Bean
    @Conditional(TakesTokensOfAnIssuer.class)
    HealthPart tokensHealth(TokenVerifier verifier) {
        return new HealthPart("tokens", verifier::fault, verifier::note);
    }

    private static JwtVerifier keyVerifier(JwtSettings jwt, Clock clock, FileWatch files, String setting) {
        Path file = jwt.keyFile();
        if (file == null) {
            return new JwtVerifier(Objects.requireNonNull(jwt.keys()), jwt.rules(), clock);
        }
        FileContent content = FileContent.read(file);
        JwtVerifier verifier = new JwtVerifier(PublicKeys.ofPem(content.text()), jwt.rules(), clock);
        files.watch(
                setting,
                List.of(content),
                changed -> verifier.replaceKeys(PublicKeys.ofPem(changed.get(0).text())));
        return verifier;
    }

    @Bean
    OriginPolicy originPolicy(RtaaSettings settings) {
        return settings.authOff()
                ? OriginPolicy.anyOrigin()
                : OriginPolicy.sameOrigin(
                        settings.publicUrl(), settings.credentials().trustedProxies());
    }

    @Bean
    OriginStep origin(OriginPolicy origins) {
        return new OriginStep(origins);
    }

    @Bean
    CredentialStep credential(OriginPolicy origins) {
        return new CredentialStep(origins);
    }

    /** Whose address counts where a proxy stands between. */
    @Bean
    ClientAddress clientAddress(RtaaSettings settings) {
        return new ClientAddress(settings.credentials().trustedProxies());
    }

    @Bean
    LimitMeters limitMeters(MeterRegistry registry) {
        return new LimitMeters(registry);
    }

    @Bean
    AdmissionStep admission(LiveLegs liveLegs, LimitMeters meters) {
        return new AdmissionStep(liveLegs, meters);
    }
}
