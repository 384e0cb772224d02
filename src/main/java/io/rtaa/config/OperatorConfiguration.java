package io.rtaa.config;

import io.rtaa.call.Role;
import io.rtaa.management.AllowListRestrictor;
import io.rtaa.management.Login;
import io.rtaa.management.LoginProvider;
import io.rtaa.management.Logins;
import io.rtaa.management.ManagementSecurity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jolokia.server.core.service.api.Restrictor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Operators: how they log in at the management listener, and what they reach there. */
@Configuration(proxyBeanMethods = false)
class OperatorConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorConfiguration.class);

    /** 24 characters, 144 bits. */
    private static final int PASSWORD_BYTES = 18;

    @Bean
    Logins logins(RtaaSettings settings, FileWatch files, ConfigurableEnvironment environment) {
        ManagementSettings management = settings.management();
        Login admin = management.admin();
        Logins logins = new Logins(admin == null ? random(management) : admin, management.viewers());
        Path passwordFile = management.passwordFile();
        if (passwordFile != null) {
            files.watch(
                    SetNames.ofFile(ManagementSettings.PASSWORD, environment),
                    List.of(FileContent.read(passwordFile)),
                    changed -> logins.replaceAdmin(
                            admin(management.user(), changed.get(0).text())));
        }
        Path viewersFile = management.viewersFile();
        if (viewersFile != null) {
            files.watch(
                    SetNames.ofFile(ManagementSettings.VIEWERS, environment),
                    List.of(FileContent.read(viewersFile)),
                    changed -> logins.replaceViewers(
                            Logins.parseViewers(changed.get(0).text())));
        }
        return logins;
    }

    private static Login admin(String user, String password) {
        if (password.isBlank()) {
            throw new IllegalArgumentException("the file is empty; allowed: the password and nothing else");
        }
        return new Login(user, password.strip(), Role.ADMIN);
    }

    private static Login random(ManagementSettings management) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        if (management.hasLogins()) {
            LOG.info(
                    "Hawtio asks for user {} with password {}, which is good until this process ends;"
                            + " MANAGEMENT_PASSWORD sets one that stays",
                    management.user(),
                    password);
        } else {
            LOG.info("Hawtio is off: MANAGEMENT_PASSWORD is not set, and the management listener is not bound to"
                    + " loopback");
        }
        return new Login(management.user(), password, Role.ADMIN);
    }

    @Bean
    AuthenticationProvider loginProvider(Logins logins) {
        return new LoginProvider(logins);
    }

    @Bean
    SecurityFilterChain managementSecurity(HttpSecurity http, RtaaSettings settings, Logins logins) throws Exception {
        ManagementSettings management = settings.management();
        return management.hasLogins()
                ? ManagementSecurity.withLogins(http, logins, management.isAllClosed())
                : ManagementSecurity.measuresOnly(http);
    }

    @Bean
    Restrictor allowListRestrictor() {
        return new AllowListRestrictor();
    }
}
