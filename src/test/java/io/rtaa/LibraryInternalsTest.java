package io.rtaa;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** What libraries may change without notice is used in one class each, which was checked with one version. */
@AnalyzeClasses(packages = "io.rtaa", importOptions = ImportOption.DoNotIncludeTests.class)
class LibraryInternalsTest {

    private static final String INTERNALS_OF_VERTX = "io.rtaa.edge.websocket.VertxChannel";

    /** The version of Vert.x whose internals {@value #INTERNALS_OF_VERTX} was read against. */
    private static final String CHECKED_VERTX = "4.5.27";

    @ArchTest
    static final ArchRule ONE_CLASS_USES_INTERNALS_OF_VERTX = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(INTERNALS_OF_VERTX)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..impl..");

    @ArchTest
    static final ArchRule NO_CLASS_USES_INTERNALS_OF_OTHER_LIBRARIES = noClasses()
            .should()
            .dependOnClassesThat(
                    DescribedPredicate.describe("are internals of a library", LibraryInternalsTest::areInternals));

    @ArchTest
    static final ArchRule NO_CLASS_GOES_PAST_A_CHANNELS_PIPELINE = noClasses()
            .should()
            .callMethodWhere(
                    DescribedPredicate.describe("it is Netty's Channel.unsafe()", LibraryInternalsTest::isUnsafe));

    @Test
    void theInternalsOfVertxAreThoseOfTheVersionThatWasChecked() {
        assertThat(Vertx.class.getPackage().getImplementationVersion())
                .as(
                        "Vert.x was upgraded. Check what %s says about Vert.x' internals against the new version: that"
                                + " server connections are a ConnectionBase, that their idle handler is called \"idle\","
                                + " and that bytes pass the handler before Vert.x' own. Then name the version here",
                        INTERNALS_OF_VERTX)
                .isEqualTo(CHECKED_VERTX);
    }

    /** Camel's manual names {@link DefaultCamelContext} as the way to a context, whatever its package is called. */
    private static boolean areInternals(JavaClass used) {
        String name = used.getPackageName() + '.';
        return name.contains(".internal.")
                || name.contains(".internals.")
                || (name.startsWith("org.apache.camel.impl.") && !used.isEquivalentTo(DefaultCamelContext.class));
    }

    private static boolean isUnsafe(JavaMethodCall call) {
        return call.getName().equals("unsafe") && call.getTargetOwner().isAssignableTo(Channel.class);
    }
}
