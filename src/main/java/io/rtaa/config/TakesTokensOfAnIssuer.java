package io.rtaa.config;

import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether peers of this process bring tokens whose keys an issuer publishes. */
class TakesTokensOfAnIssuer implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        String roles = environment.getProperty("rtaa.roles", "").toLowerCase(Locale.ROOT);
        return !environment.getProperty("rtaa.jwt.jwks-url", "").isBlank()
                && Stream.of(ServiceRole.INGEST, ServiceRole.DASHBOARD)
                        .anyMatch(role -> roles.contains(role.settingName()));
    }
}
