package dev.proteus.optim;

import java.util.SequencedMap;

/// The hyperparameters of one optimizer: an immutable record, checked when it is made.
///
/// @param <O> the record itself
public interface Hyperparameters<O extends Hyperparameters<O>> {
  /// The learning rate.
  double lr();

  /// These with another learning rate.
  O withLr(double lr);

  /// These as texts by name, for a state dict.
  SequencedMap<String, String> toTexts();

  /// The options of these texts.
  ///
  /// @throws dev.proteus.error.StateDictException if one is missing or not understood
  O fromTexts(Texts texts);
}
