package io.rtaa.config;

import io.rtaa.dashboard.CallBook;
import io.rtaa.dashboard.DashboardApi;
import io.rtaa.dashboard.DashboardLane;
import io.rtaa.dashboard.DashboardPage;
import io.rtaa.dashboard.PageWorkers;
import io.rtaa.websocket.PublicListener;
import java.time.Clock;
import org.apache.camel.Predicate;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** The dashboard's projection, API and page, in processes that have the role. */
@Configuration(proxyBeanMethods = false)
@Conditional(HasDashboardRole.class)
class DashboardConfiguration {

    @Bean
    CallBook callBook(Clock clock) {
        return new CallBook(clock, CallBook.Limits.DEFAULT);
    }

    @Bean
    DashboardLane dashboardLane(CallBook book, Clock clock) {
        return new DashboardLane(book, clock);
    }

    /** Whether a tick would find something to do: asked many times a second, and mostly in vain. */
    @Bean
    Predicate somebodyIsBehind(DashboardLane lane) {
        return exchange -> lane.isAnybodyBehind();
    }

    @Bean
    PageWorkers pageWorkers() {
        return new PageWorkers();
    }

    @Bean
    InitializingBean dashboardOnListener(
            PublicListener listener,
            RtaaSettings settings,
            CallBook book,
            DemoCaller demoCaller,
            Clock clock,
            PageWorkers workers) {
        return () -> {
            new DashboardApi(
                            book,
                            ListenerConfiguration.viewerGuard(settings),
                            demoCaller.isAllowed() ? demoCaller::place : null,
                            clock,
                            workers)
                    .mount(listener.router());
            new DashboardPage(workers).mount(listener.router());
        };
    }
}
