"""What Home Assistant is told: one device with four entities, by MQTT discovery (for devices), and what they read."""

import json


def discovery(config, base, hello):
    """Topic and payload that introduce the device. `hello` is the daemon's first line; unique ids depend on `config.id`
    alone."""
    labels = hello["labels"]
    entities = {
        # Fires when an emotion begins; confidence, level and the rest become attributes of the event.
        "emotion": {
            "platform": "event",
            "name": "Emotion",
            "icon": "mdi:emoticon-outline",
            "state_topic": f"{base}/begin",
            "event_types": labels,
        },
        "present": {
            "platform": "sensor",
            "name": "Present emotion",
            "icon": "mdi:account-voice",
            "device_class": "enum",
            "options": ["none", "uncertain", *labels],
            "state_topic": f"{base}/state",
            "value_template": "{{ value_json.emotion }}",
        },
        "listening": {
            "platform": "binary_sensor",
            "name": "Listening",
            "icon": "mdi:ear-hearing",
            "state_topic": f"{base}/state",
            "value_template": "{{ 'ON' if value_json.activity == 'listening' else 'OFF' }}",
            "json_attributes_topic": f"{base}/state",
        },
        "problem": {
            "platform": "binary_sensor",
            "name": "Microphone",
            "device_class": "problem",
            "entity_category": "diagnostic",
            "state_topic": f"{base}/health",
            "value_template": "{{ 'OFF' if value_json.condition == 'listening' else 'ON' }}",
            "json_attributes_topic": f"{base}/health",
        },
    }
    for key, entity in entities.items():
        entity["unique_id"] = f"serd_{config.id}_{key}"
    payload = {
        "device": {
            "identifiers": [f"serd_{config.id}"],
            "name": f"serd {config.name}",
            "manufacturer": "serd",
            "model": hello["model"]["name"],
            "sw_version": hello["program"],
        },
        "origin": {"name": "serd-mqtt", "sw_version": hello["program"]},
        "availability_topic": f"{base}/status",
        "qos": 1,
        "components": entities,
    }
    return f"{config.discovery}/device/serd_{config.id}/config", json.dumps(payload)


def state(data):
    """The daemon's `state`, flat."""
    emotion = data["emotion"] or {"label": "none", "id": None}
    return {
        "activity": data["activity"],
        "since": data["since"]["utc"],
        "device": data["device"]["name"],
        "condition": data["device"]["condition"],
        "reason": data["device"]["reason"],
        "emotion": emotion["label"],
        "id": emotion["id"],
    }
