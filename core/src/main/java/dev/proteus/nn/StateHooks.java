package dev.proteus.nn;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What runs around the saving and loading of one module (rules SD-16, SD-21).
record StateHooks(
    List<StateDictPreHook> beforeSave,
    List<StateDictHook> afterSave,
    List<LoadPreHook> beforeLoad,
    List<LoadHook> afterLoad) {

  StateHooks() {
    this(
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>());
  }
}
