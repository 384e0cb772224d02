package io.rtaa.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The whole service on a free port, with an {@link AudioRecorder} in place of the recogniser; one for all tests that use it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(properties = {"rtaa.port=0", "rtaa.routes=classpath:routes-under-test/recording.camel.yaml"})
@Import(RecordedService.Recorder.class)
public @interface RecordedService {

    /** Gives the route its step. */
    @Configuration(proxyBeanMethods = false)
    class Recorder {
        @Bean
        AudioRecorder audioRecorder() {
            return new AudioRecorder();
        }
    }
}
