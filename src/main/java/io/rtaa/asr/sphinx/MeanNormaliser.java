package io.rtaa.asr.sphinx;

import edu.cmu.sphinx.frontend.BaseDataProcessor;
import edu.cmu.sphinx.frontend.Data;
import edu.cmu.sphinx.frontend.DataEndSignal;
import edu.cmu.sphinx.frontend.DoubleData;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Takes the call's mean off each cepstrum. A call's first utterance has no past to go by: up to two seconds of it are
 * heard before its first frame goes on.
 *
 * <p>Thread-safety: one thread at a time.
 */
final class MeanNormaliser extends BaseDataProcessor {

    private static final int FIRST_LOOK_FRAMES = 200;

    private CepstralMean call = new CepstralMean();
    private boolean firstUtterance;
    private double @Nullable [] mean;
    private final Deque<Data> ahead = new ArrayDeque<>();

    /** Starts an utterance of the call whose mean this is. */
    void begin(CepstralMean callMean) {
        call = callMean;
        call.fade();
        firstUtterance = !call.isKnown();
        mean = null;
        ahead.clear();
    }

    @Override
    public Data getData() {
        Data data = next();
        if (data instanceof DoubleData cepstrum) {
            subtract(cepstrum.getValues(), meanFor(cepstrum));
        }
        return data;
    }

    private Data next() {
        if (!ahead.isEmpty()) {
            return ahead.removeFirst();
        }
        Data data = getPredecessor().getData();
        hear(data);
        return data;
    }

    private double[] meanFor(DoubleData cepstrum) {
        double[] known = mean;
        if (known == null) {
            if (firstUtterance) {
                lookAhead();
            }
            known = call.mean(cepstrum.getValues().length);
            mean = known;
        }
        return known;
    }

    private void lookAhead() {
        Data data;
        do {
            data = getPredecessor().getData();
            hear(data);
            ahead.addLast(data);
        } while (ahead.size() < FIRST_LOOK_FRAMES && !(data instanceof DataEndSignal));
    }

    private void hear(Data data) {
        if (data instanceof DoubleData cepstrum) {
            call.hear(cepstrum.getValues());
        }
    }

    private static void subtract(double[] values, double[] mean) {
        for (int i = 0; i < values.length; i++) {
            values[i] -= mean[i];
        }
    }
}
