package dev.proteus.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a class says in its log while something runs, on this thread.
final class Warnings extends Handler {
  private final Thread listener = Thread.currentThread();
  private final List<String> heard = new ArrayList<>();

  private Warnings() {}

  static List<String> of(Class<?> speaker, Runnable body) {
    Logger logger = Logger.getLogger(speaker.getName());
    Warnings handler = new Warnings();
    boolean passesOn = logger.getUseParentHandlers();
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    try {
      body.run();
      return handler.heard;
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(passesOn);
    }
  }

  @Override
  public void publish(LogRecord message) {
    if (Thread.currentThread().equals(listener)) {
      heard.add(message.getLevel() + " " + message.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
