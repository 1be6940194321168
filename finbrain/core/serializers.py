"""JSON serializers for Redis. Never pickle: writing to Redis must not be enough to run code."""

from bson import ObjectId
from django.core.serializers.json import DjangoJSONEncoder
from django_redis.serializers.json import JSONSerializer


class ObjectIdEncoder(DjangoJSONEncoder):
    def default(self, o: object) -> object:
        return str(o) if isinstance(o, ObjectId) else super().default(o)


class ObjectIdJSONSerializer(JSONSerializer):
    encoder_class = ObjectIdEncoder
