package dev.proteus.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a class says in its log while something runs.
final class Overheard extends Handler {
  private final List<String> warnings = new ArrayList<>();

  private Overheard() {}

  /// The warnings of `speaker` while `action` runs, instead of in the log.
  static List<String> warnings(Class<?> speaker, Runnable action) {
    Logger log = Logger.getLogger(speaker.getName());
    Overheard listener = new Overheard();
    boolean passesOn = log.getUseParentHandlers();
    log.setUseParentHandlers(false);
    log.addHandler(listener);
    try {
      action.run();
    } finally {
      log.removeHandler(listener);
      log.setUseParentHandlers(passesOn);
    }
    return listener.warnings;
  }

  @Override
  public void publish(LogRecord message) {
    if (message.getLevel() == Level.WARNING) {
      warnings.add(message.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
