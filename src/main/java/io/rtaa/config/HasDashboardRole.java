package io.rtaa.config;

import java.util.Locale;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether this process shows transcripts. A list of roles that makes no sense is told by {@link RtaaSettings}. */
class HasDashboardRole implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return context.getEnvironment()
                .getProperty("rtaa.roles", "")
                .toLowerCase(Locale.ROOT)
                .contains(ServiceRole.DASHBOARD.settingName());
    }
}
