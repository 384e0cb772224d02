package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OffsetLedgerTest {

    @Property
    void theWatermarkNeverFallsAndNeverPassesARecordThatIsNotSettled(
            @ForAll @IntRange(min = 1, max = 60) int records, @ForAll long seed) {
        Random random = new Random(seed);
        OffsetLedger ledger = new OffsetLedger();
        List<OffsetLedger.Entry> open = new ArrayList<>();
        List<Long> openOffsets = new ArrayList<>();
        long offset = random.nextInt(5);
        int handedOut = 0;
        long before = BusHeaders.NONE;
        while (handedOut < records || !open.isEmpty()) {
            if (handedOut < records && (open.isEmpty() || random.nextBoolean())) {
                open.add(ledger.handOut(offset, 0));
                openOffsets.add(offset);
                // Offsets of a log may have holes.
                offset += 1 + random.nextInt(3);
                handedOut++;
            } else {
                int which = random.nextInt(open.size());
                ledger.settle(open.get(which));
                ledger.settle(open.remove(which));
                openOffsets.remove(which);
            }
            long watermark = ledger.watermark();
            assertThat(watermark).isGreaterThanOrEqualTo(before);
            openOffsets.forEach(unsettled -> assertThat(watermark).isLessThanOrEqualTo(unsettled));
            before = watermark;
        }
        assertThat(ledger.unsettled()).isZero();
        assertThat(ledger.watermark()).isGreaterThan(BusHeaders.NONE);
    }

    @Example
    void nothingIsSettledBeforeAnythingIsHandedOut() {
        assertThat(new OffsetLedger().watermark()).isEqualTo(BusHeaders.NONE);
    }

    @Example
    void anOffsetThatDoesNotRiseIsRefused() {
        OffsetLedger ledger = new OffsetLedger();
        ledger.handOut(7, 0);

        assertThatThrownBy(() -> ledger.handOut(7, 0)).hasMessage("offset 7 after 7; allowed: rising ones");
    }
}
