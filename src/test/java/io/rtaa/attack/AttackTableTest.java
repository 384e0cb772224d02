package io.rtaa.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttackTableTest {

    @ParameterizedTest
    @EnumSource(Attack.class)
    void theSecurityDocumentTellsOfEachAttack(Attack attack) throws IOException {
        assertThat(Files.readAllLines(Path.of("docs/security.md")))
                .anyMatch(row -> row.contains("| " + attack.inWords() + " |")
                        && row.contains("`" + NothingLostUnderAttackIT.class.getSimpleName() + "`"));
    }
}
