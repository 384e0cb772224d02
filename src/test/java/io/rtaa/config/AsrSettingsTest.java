package io.rtaa.config;

import static io.rtaa.config.TestSettings.faults;
import static io.rtaa.config.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.rtaa.asr.SessionOptions;
import io.rtaa.asr.deepgram.HttpProxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the settings of recognisers and sessions are read, and what is wrong with them. */
class AsrSettingsTest {

    @Test
    void deepgramIsReachedThroughTheProxyThatTheSurroundingsName() {
        assertThat(proxy(Map.of("HTTPS_PROXY", "http://proxy:3128"))).hasToString("proxy:3128");
        assertThat(proxy(Map.of("https_proxy", "proxy:3128"))).hasToString("proxy:3128");
        assertThat(proxy(Map.of("HTTPS_PROXY", "proxy:3128", "NO_PROXY", "localhost,.deepgram.com")))
                .isNull();
        assertThat(proxy(Map.of("HTTPS_PROXY", "proxy:3128", "https.proxyHost", "javas", "https.proxyPort", "8080")))
                .hasToString("javas:8080");
        assertThat(proxy(Map.of("https.proxyHost", "javas", "http.nonProxyHosts", "*.deepgram.com")))
                .isNull();
        assertThat(proxy(Map.of("HTTPS_PROXY", "proxy:3128", "DEEPGRAM_URL", "ws://127.0.0.1:9091")))
                .isNull();
        assertThatThrownBy(() -> proxy(Map.of("HTTPS_PROXY", "https://proxy:3128")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(SettingsException::faults)
                .asString()
                .contains("HTTPS_PROXY: the proxy has the scheme 'https'");
    }

    private static HttpProxy proxy(Map<String, Object> variables) {
        Map<String, Object> all = new HashMap<>(variables);
        all.put("DEEPGRAM_API_KEY", "k");
        return read(all).deepgram().proxy();
    }

    @Test
    void deepgramIsAskedForWhatTheProcessIsTold() {
        DeepgramSettings deepgram = read(Map.of(
                        "DEEPGRAM_API_KEY", "k",
                        "DEEPGRAM_PARAMETERS", "diarize=true&endpointing=false&keyterm=order%20number&keyterm=refund"))
                .deepgram();
        assertThat(deepgram).isNotNull();
        assertThat(deepgram.options().query(8000))
                .contains(
                        "&diarize=true",
                        "&endpointing=false",
                        "&keyterm=order%20number&keyterm=refund",
                        "&language=en-IN");
        assertThatThrownBy(() -> read(Map.of("DEEPGRAM_API_KEY", "k", "DEEPGRAM_PARAMETERS", "diarize")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(SettingsException::faults)
                .asString()
                .contains("DEEPGRAM_PARAMETERS: 'diarize' is no parameter; allowed: name=value");
    }

    @Test
    void theDefaultsOfSessionsAreThoseOfTheSessionLayer() {
        assertThat(read(Map.of("rtaa.asr.lost-after-seconds", "0")).asr().session())
                .isEqualTo(SessionOptions.DEFAULTS);
        SessionOptions other = read(Map.of(
                        "rtaa.asr.keep-audio-seconds", "30",
                        "rtaa.asr.frozen-after-seconds", "4",
                        "rtaa.asr.unheard-after-seconds", "20",
                        "rtaa.asr.retry-first-ms", "500",
                        "rtaa.asr.retry-most-ms", "5000",
                        "rtaa.asr.partial-interval-ms", "0"))
                .asr()
                .session();
        assertThat(other.keepAudio()).isEqualTo(Duration.ofSeconds(30));
        assertThat(other.frozenAfter()).isEqualTo(Duration.ofSeconds(4));
        assertThat(other.unheardAfter()).isEqualTo(Duration.ofSeconds(20));
        assertThat(other.retryBase()).isEqualTo(Duration.ofMillis(500));
        assertThat(other.retryCap()).isEqualTo(Duration.ofSeconds(5));
        assertThat(other.partialInterval()).isZero();
        assertThatThrownBy(() -> read(Map.of("rtaa.asr.retry-first-ms", "20000", "rtaa.asr.keep-audio-seconds", "1")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(SettingsException::faults)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        "rtaa.asr.keep-audio-seconds is '1'; allowed: a whole number from 5 to 600",
                        "RTAA_ASR_RETRY_MOST_MS is 10000 and rtaa.asr.retry-first-ms is 20000; allowed: at least as"
                                + " much as the first");
    }

    @Test
    void aKeyMakesDeepgramTheRecogniserAndIsShownNowhere() {
        RtaaSettings settings = read(Map.of("DEEPGRAM_API_KEY", "s3cret-key"));
        assertThat(settings.asr().provider()).isEqualTo("deepgram");
        assertThat(settings.deepgram()).isNotNull();
        assertThat(settings.toString()).doesNotContain("s3cret");
        assertThat(read(Map.of("DEEPGRAM_API_KEY", "s3cret-key", "ASR_PROVIDER", "sphinx"))
                        .asr()
                        .provider())
                .isEqualTo("sphinx");
    }

    @Test
    void deepgramWithoutAKeyIsAFault() {
        assertThatThrownBy(() -> read(Map.of("ASR_PROVIDER", "deepgram", "DEEPGRAM_URL", "http://x")))
                .asInstanceOf(type(SettingsException.class))
                .extracting(fault -> String.join("\n", fault.faults()))
                .asString()
                .contains("set DEEPGRAM_API_KEY")
                .contains("DEEPGRAM_URL")
                .contains("allowed: wss");
    }

    @Test
    void aWrongAddressOfDeepgramsIsTheOnlyFaultAndShowsNoCredentials() {
        assertThat(faults(Map.of("DEEPGRAM_API_KEY", "k", "DEEPGRAM_URL", "wss://me:hunt er2@api.deepgram.com")))
                // Which character that is, JDKs count differently.
                .containsPattern("DEEPGRAM_URL: character \\d+ has no place there; allowed: wss://host\\[:port]")
                .doesNotContain("er2")
                .doesNotContain("ASR_PROVIDER");
    }

    @Test
    void aParameterOfDeepgramsThatCannotBeDecodedIsNamed() {
        assertThat(faults(Map.of("DEEPGRAM_API_KEY", "k", "DEEPGRAM_PARAMETERS", "diarize=true&keyterm=100%")))
                .contains("DEEPGRAM_PARAMETERS: 'keyterm=100%' has a % that begins no character; allowed: %XX");
    }

    @Test
    void aFallbackIsAnotherRecogniserThatCanWork() {
        AsrSettings asr = read(Map.of("DEEPGRAM_API_KEY", "k", "ASR_FALLBACK", "sphinx", "ASR_MAX_SESSIONS", "7"))
                .asr();
        assertThat(asr.provider()).isEqualTo("deepgram");
        assertThat(asr.fallback()).isEqualTo("sphinx");
        assertThat(asr.maxSessions()).isEqualTo(7);
        assertThat(faults(Map.of("ASR_FALLBACK", "sphinx")))
                .contains("ASR_FALLBACK is 'sphinx', and so is ASR_PROVIDER");
        assertThat(faults(Map.of("ASR_FALLBACK", "deepgram"))).contains("ASR_FALLBACK is 'deepgram', which has no key");
        assertThat(faults(Map.of("ASR_FALLBACK", "whoever", "ASR_MAX_SESSIONS", "0", "ASR_BACKLOG_HEAP_PERCENT", "99")))
                .contains("ASR_FALLBACK is 'whoever'; allowed: one of none, deepgram, sphinx")
                .contains("ASR_MAX_SESSIONS is '0'")
                .contains("ASR_BACKLOG_HEAP_PERCENT is '99'; allowed: a whole number from 1 to 75");
    }

    @ParameterizedTest
    @CsvSource({"redis", "redis_streams"})
    void aCallWhoseIngestIsGoneIsLost(String name) {
        RtaaSettings settings = read(Map.of("PUBSUB_ADAPTER", name, "REDIS_URL", "rediss://u:p@redis.example"));

        assertThat(settings.bus()).isEqualTo(BusAdapter.REDIS);
        assertThat(settings.redis())
                .isEqualTo(
                        new RedisSettings("rediss://u:p@redis.example", null, null, "rtaa", 32, Duration.ofHours(24)));
        assertThat(settings.redis()).hasToString("RedisSettings[rtaa x32, kept for 24 h]");
        assertThat(settings.asr().session().lostAfter()).isEqualTo(Duration.ofSeconds(28));
        assertThat(read(Map.of()).asr().session().lostAfter()).isEqualTo(Duration.ofSeconds(28));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redis  | 30 | 60  | lost-after-seconds is 60 and rtaa.asr.keep-alive-seconds is 30; allowed: at least 70 until
            kafka  | 90 | 120 | allowed: at least 190 until a call is lost
            redis  | 1  | 11  | allowed: at least 12 until a call is lost
            redis  | 0  | 120 | rtaa.asr.keep-alive-seconds is 0; allowed: keep-alives of calls on hold
            memory | 0  | 120 | or 0, with which no call is lost
            """)
    void keepAlivesThatComeTooLateForACallOnHoldAreAFault(String bus, String alive, String lost, String fault) {
        assertThat(faults(Map.of(
                        "PUBSUB_ADAPTER", bus,
                        "rtaa.asr.keep-alive-seconds", alive,
                        "rtaa.dashboard.lost-after-seconds", lost)))
                .contains(fault)
                .doesNotContain("\n");
    }

    @Test
    void workersThatSeldomLookForQuietCallsNeedLongerUntilACallIsLost() {
        assertThat(faults(Map.of("PUBSUB_ADAPTER", "redis", "rtaa.asr.look-for-quiet-ms", "30500")))
                .contains("LOST_AFTER_SECONDS is 120", "allowed: at least 121 until a call is lost");
        assertThat(faults(Map.of("PUBSUB_ADAPTER", "redis", "rtaa.asr.look-for-quiet-ms", "often")))
                .contains("rtaa.asr.look-for-quiet-ms is 'often'; allowed:")
                .doesNotContain("until a call is lost");
    }

    @ParameterizedTest
    @CsvSource({"redis, 30, 70", "kafka, 1, 12", "redis, 30, 0", "redis, 0, 0"})
    void keepAlivesThatComeInTimeAreTaken(String bus, String alive, int lost) {
        assertThat(read(Map.of(
                                "PUBSUB_ADAPTER", bus,
                                "rtaa.asr.keep-alive-seconds", alive,
                                "rtaa.dashboard.lost-after-seconds", lost))
                        .callLostAfter())
                .isEqualTo(Duration.ofSeconds(lost));
    }

    @Test
    void timesOfASessionThatContradictEachOtherAreAFault() {
        assertThat(faults(Map.of("rtaa.asr.keep-audio-seconds", "8", "rtaa.asr.lost-after-seconds", "9")))
                .contains(
                        "rtaa.asr.keep-audio-seconds is 8 and RTAA_ASR_FROZEN_AFTER_SECONDS is 8; allowed: to keep",
                        "rtaa.asr.lost-after-seconds is '9'; allowed: at least 10, as a silent call says every 5 s");
    }
}
