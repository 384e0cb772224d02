package io.rtaa.config;

import io.rtaa.edge.security.AllowListStep;
import io.rtaa.edge.security.BasicStep;
import io.rtaa.edge.security.CredentialStep;
import io.rtaa.edge.security.OriginPolicy;
import io.rtaa.edge.security.OriginStep;
import io.rtaa.edge.security.TokenVerifier;
import io.rtaa.telephony.AdmissionStep;
import io.rtaa.telephony.LiveLegs;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of the handshakes' routes, by the names the routes call them. */
@Configuration(proxyBeanMethods = false)
class HandshakeConfiguration {

    @Bean
    AllowListStep allowList(RtaaSettings settings) {
        return new AllowListStep(settings.credentials().exotelAddresses());
    }

    @Bean
    BasicStep basic(RtaaSettings settings) {
        return new BasicStep(settings.authOff() ? null : settings.credentials().exotelBasic());
    }

    /** What the steps that take tokens verify them with. */
    @Bean
    TokenVerifier tokenVerifier(RtaaSettings settings) {
        return settings.authOff()
                ? TokenVerifier.NONE
                : Objects.requireNonNullElse(settings.credentials().jwt(), TokenVerifier.NONE);
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

    @Bean
    AdmissionStep admission(LiveLegs liveLegs) {
        return new AdmissionStep(liveLegs);
    }
}
