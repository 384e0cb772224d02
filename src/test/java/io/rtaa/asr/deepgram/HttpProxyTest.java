package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProxyTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            http://proxy.example:3128,          proxy.example, 3128, -,    -
            proxy.example,                      proxy.example, 80,   -,    -
            my_proxy:8080,                      my_proxy,      8080, -,    -
            HTTP://user:p%40ss:x@proxy:3128/,   proxy,         3128, user, p@ss:x
            user@proxy:3128,                    proxy,         3128, user, -
            http://[::1]:3128,                  ::1,           3128, -,    -
            """)
    void readsTheFormsThatOtherProgramsRead(String text, String host, int port, String user, String password) {
        assertThat(HttpProxy.of(text)).isEqualTo(new HttpProxy(host, port, user, password));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://proxy:3128      | the proxy has the scheme 'https', and Deepgram's client speaks plain HTTP to a proxy; allowed:
            socks5://proxy:1080     | the proxy has the scheme 'socks5'
            http://                 | the proxy
            http://:3128            | the proxy is no address; allowed: [http://][USER:PASSWORD@]HOST[:PORT]
            proxy:port              | the proxy is no address
            proxy:0                 | the proxy's port is 0; allowed: 1 to 65535
            http://u:secret@pro xy  | the proxy is no address
            """)
    void refusesWhatIsNoHttpProxyWithoutItsPassword(String text, String message) {
        assertThatThrownBy(() -> HttpProxy.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    void keepsItsCredentialsToItself() {
        assertThat(HttpProxy.of("http://user:secret@proxy:3128")).hasToString("proxy:3128");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *                        | api.deepgram.com | 443  | true
            deepgram.com             | api.deepgram.com | 443  | true
            .deepgram.com            | API.deepgram.com | 443  | true
            *.deepgram.com           | api.deepgram.com | 443  | true
            gram.com                 | api.deepgram.com | 443  | false
            localhost, deepgram.com  | api.deepgram.com | 443  | true
            deepgram.com:8443        | api.deepgram.com | 443  | false
            deepgram.com:443         | api.deepgram.com | 443  | true
            10.0.0.0/8               | 10.1.2.3         | 443  | true
            10.0.0.0/8               | 11.1.2.3         | 443  | false
            10.0.0.0/8               | ten.example      | 443  | false
            10.0.0.0/x,10.1.2.3      | 10.1.2.3         | 443  | true
            fd00::/8                 | fd00::5          | 443  | true
            ::1                      | ::1              | 443  | true
            0:0:0:0:0:0:0:1          | ::1              | 443  | true
            10.0.0.0/8               | ::ffff:10.1.2.3  | 443  | true
            10.0.0.0/33,fd00::/129   | 10.1.2.3         | 443  | false
            ''                       | api.deepgram.com | 443  | false
            """)
    void exemptsWhatTheVariableNames(String noProxy, String host, int port, boolean exempt) {
        assertThat(HttpProxy.isExempt(noProxy, host, port)).isEqualTo(exempt);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            localhost|127.*|[::1]  ; 127.0.0.1        ; true
            localhost|127.*|[::1]  ; ::1              ; true
            localhost|127.*|[::1]  ; api.deepgram.com ; false
            *.deepgram.com         ; api.deepgram.com ; true
            """)
    void exemptsWhatJavasPropertyNames(String nonProxyHosts, String host, boolean exempt) {
        assertThat(HttpProxy.isNonProxyHost(nonProxyHosts, host)).isEqualTo(exempt);
    }
}
