package io.rtaa.asr.sphinx;

import edu.cmu.sphinx.util.props.ConfigurationManager;
import java.net.URL;
import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * Where Sphinx-4 logs, by java.util.logging. Its loggers lie below one that is called as the configuration's file is.
 * The library gives that one the file's {@code logLevel}, and a console of its own to write to, with each {@link
 * ConfigurationManager} that it makes.
 *
 * <p>The logger is held here: the Java runtime drops a logger without references, and its level with it. A collection
 * of garbage before the first component was made let through all that the library says while it loads a model, a
 * hundred lines.
 *
 * <p>Thread-safety: safe.
 */
final class LibraryLog {

    private static final Logger LIBRARY = Logger.getLogger("recogniser");

    private LibraryLog() {}

    /**
     * Reads a configuration whose components log where the service does.
     *
     * @param configuration a file called {@code recogniser.xml}
     */
    static ConfigurationManager read(URL configuration) {
        ConfigurationManager components = new ConfigurationManager(configuration);
        for (Handler console : LIBRARY.getHandlers()) {
            LIBRARY.removeHandler(console);
        }
        LIBRARY.setUseParentHandlers(true);
        return components;
    }
}
