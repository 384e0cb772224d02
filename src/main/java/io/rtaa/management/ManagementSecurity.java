package io.rtaa.management;

import io.rtaa.audit.AuditLog;
import io.rtaa.call.Role;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationSuccessHandler;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * What each address of the management listener asks for. Metrics and health are open, or ask for any login; Hawtio and
 * Jolokia ask for any login, and what a request may do there is {@link AllowListRestrictor}'s to say; whatever else an
 * operator exposes asks for the admin's. An address that a peer may not know of answers 404.
 *
 * <p>Thread-safety: stateless.
 */
public final class ManagementSecurity {

    /** Where Hawtio's page is. */
    public static final String HAWTIO = "/actuator/hawtio";

    private static final String JOLOKIA = "/actuator/jolokia";
    private static final String LOGIN = "/login";
    private static final String[] MEASURES = {
        "/actuator", "/actuator/health", "/actuator/health/**", "/actuator/prometheus"
    };
    private static final String[] OPERATIONS = {HAWTIO, HAWTIO + "/**", JOLOKIA, JOLOKIA + "/**"};
    private static final String SAME_SITE = "Strict";

    private ManagementSecurity() {}

    /** Without logins: metrics and health, and nothing else. */
    public static SecurityFilterChain measuresOnly(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(MEASURES)
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .exceptionHandling(refused -> refused.authenticationEntryPoint(notFound()))
                .requestCache(cache -> cache.disable())
                .sessionManagement(sessions -> sessions.disable())
                .logout(logout -> logout.disable())
                .build();
    }

    /** @param closesMeasures whether metrics and health ask for a login too */
    public static SecurityFilterChain withLogins(HttpSecurity http, Logins logins, boolean closesMeasures)
            throws Exception {
        AuthorizationManager<RequestAuthorizationContext> anyone = in(logins, Role.VIEWER);
        AuthorizationManager<RequestAuthorizationContext> admin = in(logins, Role.ADMIN);
        CookieCsrfTokenRepository csrfTokens = CookieCsrfTokenRepository.withHttpOnlyFalse();
        csrfTokens.setCookieCustomizer(cookie -> cookie.sameSite(SAME_SITE));
        SimpleUrlAuthenticationSuccessHandler toHawtio = new SimpleUrlAuthenticationSuccessHandler(HAWTIO + "/");
        return http.authorizeHttpRequests(requests -> {
                    // The request that was forwarded, or has failed, was let in before.
                    requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                            .permitAll();
                    requests.requestMatchers(OPERATIONS).access(anyone);
                    if (closesMeasures) {
                        requests.requestMatchers(MEASURES).access(anyone);
                    } else {
                        requests.requestMatchers(MEASURES).permitAll();
                    }
                    requests.anyRequest().access(admin);
                })
                .formLogin(form -> form.successHandler((request, response, in) -> {
                            signedIn(request, in);
                            toHawtio.onAuthenticationSuccess(request, response, in);
                        })
                        .failureUrl(LOGIN + "?error"))
                .httpBasic(basic -> basic.authenticationEntryPoint(ManagementSecurity::askForBasic))
                .logout(logout -> logout.logoutSuccessUrl(LOGIN))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens).csrfTokenRequestHandler(new PageCsrfTokens()))
                .requestCache(cache -> cache.disable())
                .exceptionHandling(refused -> {
                    refused.defaultAuthenticationEntryPointFor(
                            new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), at(HAWTIO + "/jolokia/**"));
                    refused.defaultAuthenticationEntryPointFor(
                            new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), at(JOLOKIA + "/**"));
                    refused.defaultAuthenticationEntryPointFor(
                            new LoginUrlAuthenticationEntryPoint(LOGIN), page(HAWTIO));
                    refused.defaultAuthenticationEntryPointFor(
                            new LoginUrlAuthenticationEntryPoint(LOGIN), page(HAWTIO + "/**"));
                    for (String measure : MEASURES) {
                        refused.defaultAuthenticationEntryPointFor(ManagementSecurity::askForBasic, at(measure));
                    }
                    refused.defaultAuthenticationEntryPointFor(notFound(), any -> true);
                })
                .build();
    }

    /** Whether the request's login is still one, and of at least a role. */
    private static AuthorizationManager<RequestAuthorizationContext> in(Logins logins, Role least) {
        return (authentication, request) -> {
            Authentication in = authentication.get();
            return new AuthorizationDecision(in != null
                    && in.isAuthenticated()
                    && in.getPrincipal() instanceof Login login
                    && logins.isCurrent(login)
                    && (least == Role.VIEWER || login.role() == Role.ADMIN));
        };
    }

    private static PathPatternRequestMatcher at(String path) {
        return PathPatternRequestMatcher.withDefaults().matcher(path);
    }

    private static PathPatternRequestMatcher page(String path) {
        return PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, path);
    }

    private static AuthenticationEntryPoint notFound() {
        return new HttpStatusEntryPoint(HttpStatus.NOT_FOUND);
    }

    private static void signedIn(HttpServletRequest request, Authentication in) {
        if (in.getPrincipal() instanceof Login login) {
            AuditLog.operatorSignIn(login.getName(), login.role().wireName(), request.getRemoteAddr(), null);
        }
    }

    /** Answers a request without a login, or with a wrong one by HTTP Basic. */
    private static void askForBasic(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException why) throws IOException {
        if (why instanceof TooManyLoginsException tooMany) {
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(tooMany.retryAfterSeconds()));
            response.sendError(HttpStatus.TOO_MANY_REQUESTS.value(), why.getMessage());
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"rtaa\", charset=\"UTF-8\"");
            response.sendError(HttpStatus.UNAUTHORIZED.value());
        }
    }
}
